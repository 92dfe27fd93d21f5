<?php
// Makes the tables, four people with application passwords and a post to comment on; prints them as JSON.
define('WP_INSTALLING', true);
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Maison A', 'chief', 'chief@example.org', true, '', wp_generate_password(), '');
update_option('permalink_structure', getenv('RELAIS_PERMALINKS') ?: '');
update_option('comment_previously_approved', 1);
$made = [];
foreach (['editor', 'author', 'contributor', 'subscriber'] as $role) {
    $id = wp_insert_user(['user_login' => $role, 'user_pass' => wp_generate_password(24), 'role' => $role,
        'user_email' => "$role@example.org", 'display_name' => ucfirst($role) . ' A']);
    $made[$role] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'relais'])[0];
}
$chief = get_user_by('login', 'chief');
$made['chief'] = WP_Application_Passwords::create_new_application_password($chief->ID, ['name' => 'relais'])[0];
echo "\nMADE " . json_encode($made) . "\n";
